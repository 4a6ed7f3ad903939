package check

import (
	"bytes"
	"slices"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Options are what the checks are told besides the rules. The zero value is of use.
type Options struct {
	Config *Config
	// Around tells what is known of what is around the rules of a file; nil where that is nothing.
	Around func(*rulefile.File) Surroundings
	// Sources are the texts whose comments may silence findings. With them, a check is not run that the configuration does
	// not want anywhere and that no comment names; without, every check is.
	Sources []*diag.Source
}

// ofUse are the checks of which anybody would hear what they find, be it that a comment silences nothing.
func (o Options) ofUse(checks []*Check) []*Check {
	var commented []*diag.Source
	for _, src := range o.Sources {
		if bytes.Contains(src.Text, ignoreMark) {
			commented = append(commented, src)
		}
	}
	return slices.DeleteFunc(slices.Clone(checks), func(c *Check) bool {
		return o.Sources != nil && !o.Config.mayWant(c) && !slices.ContainsFunc(commented, func(src *diag.Source) bool {
			return bytes.Contains(src.Text, []byte(c.Name))
		})
	})
}

// mayWant tells whether there may be files of which the findings of a check are wanted.
func (c *Config) mayWant(check *Check) bool {
	isOn := !check.Optional
	if c == nil {
		return isOn
	}
	if s := c.Checks.settings[check.Name].severity; s != "" {
		isOn = s != off
	}
	return isOn || slices.ContainsFunc(c.Paths, func(p PathConfig) bool {
		s := p.Checks.settings[check.Name].severity
		return s != "" && s != off
	})
}

// Surroundings are what is known about a rule file that does not stand in it.
type Surroundings struct {
	// Path is what the patterns of the configuration are held against.
	Path string
	// ScrapeInterval is how often what the rules read is scraped; 0 where the configuration, or the default, says so.
	ScrapeInterval time.Duration
	// Catalogues know the metrics that the rules read.
	Catalogues []*slo.Catalogue
}

func (o Options) around(f *rulefile.File) Surroundings {
	if o.Around == nil {
		return Surroundings{Path: f.Source.Name}
	}
	return o.Around(f)
}

// parameters are those of a check for the files at a path: a pointer as
// Check.Parameters returns it.
func (c *Config) parameters(check *Check, path string) any {
	if check.Parameters == nil {
		return nil
	}
	into := check.Parameters()
	for _, layer := range c.layers(path) {
		if v := layer.settings[check.Name].parameters; v != nil {
			spec.Decode(v, into, new(diag.Report)) // what is wrong was reported when the configuration was read
		}
	}
	return into
}

// Judge gives findings the severity that the configuration wants, by the path
// of the file in which they stand; path translates its name. What is off stays
// in the list, so that comments which silence it are not called useless: Silence
// leaves it out.
func (c *Config) Judge(findings []Finding, path func(source string) string) []Finding {
	kinds := map[diag.Kind]*diag.Kind{} // one for each check and severity, since findings are compared by them
	for i, f := range findings {
		check := byName(f.Kind.Name)
		if check == nil {
			continue
		}
		severity := ""
		if check.Optional {
			severity = off
		}
		for _, layer := range c.layers(path(f.Pos.File())) {
			if s := layer.settings[check.Name].severity; s != "" {
				severity = s
			}
		}
		switch severity {
		case "":
		case off:
			findings[i].off = true
		default:
			kind := check.Kind
			kind.Severity = severities[severity]
			if kinds[kind] == nil {
				kinds[kind] = &kind
			}
			findings[i].Kind = kinds[kind]
		}
	}
	return findings
}

// parametersOf are the parameters of the check that a pass runs, for the file that it is at.
func parametersOf[T any](p *Pass) *T { return p.parameters.(*T) }
