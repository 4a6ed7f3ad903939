package check

import "slices"

// Only is the configuration with every check off that is not named, and those on that are, at the severity that they
// have otherwise.
func (c *Config) Only(names []string) *Config {
	only := Config{}
	if c != nil {
		only = *c
	}
	only.Checks = only.Checks.only(names, everywhere())
	only.Paths = slices.Clone(only.Paths)
	for i, p := range only.Paths {
		only.Paths[i].Checks = p.Checks.only(names, nil)
	}
	return &only
}

// only are the settings with all else off, and set for all of some checks.
func (s CheckSettings) only(names []string, all []*Check) CheckSettings {
	settings := map[string]checkSetting{}
	for name, set := range s.settings {
		if set.severity != "" && !slices.Contains(names, name) {
			set.severity = off
		}
		settings[name] = set
	}
	for _, c := range all {
		set := settings[c.Name]
		switch {
		case !slices.Contains(names, c.Name):
			set.severity = off
		case set.severity == "":
			set.severity = c.Severity.String() // an optional one is off otherwise
		}
		settings[c.Name] = set
	}
	return CheckSettings{settings}
}
