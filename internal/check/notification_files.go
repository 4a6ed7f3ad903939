package check

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/prometheus/alertmanager/template"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
)

// renderer reads the templates of a configuration.
func (p *RoutesPass) renderer(c *amconfig.Config) *renderer {
	engine, err := template.FromGlobs(nil) // with Alertmanager's own templates
	if err != nil {
		return nil
	}
	engine.ExternalURL = &url.URL{Scheme: "http", Host: "alertmanager.example.com"}
	if len(c.Loaded.Templates) == 0 && !c.Resource {
		return &renderer{engine, nil, true}
	}
	if p.options.Templates == nil || c.Resource || c.Kept {
		return &renderer{engine, nil, false}
	}
	files, complete := p.options.Templates(c)
	for _, f := range files {
		if err := parseTemplates(engine, f); err != nil {
			at := placeInTemplate(diag.Pos{Source: f, Line: 1, Col: 1}, err.Error())
			p.Report(at, at, "mend the template", "%s", complaintOf(err))
			complete = false
		}
	}
	return &renderer{engine, files, complete}
}

// renderer is Alertmanager's template engine with the files that a configuration
// names, and whether all could be read.
type renderer struct {
	*template.Template
	files    []*diag.Source
	complete bool
}

// parseTemplates adds the templates of a file, of which one has the file's name.
func parseTemplates(engine *template.Template, f *diag.Source) error {
	if err := engine.Parse(bytes.NewReader(f.Text)); err != nil {
		return err
	}
	whole := string(f.Text)
	if strings.Contains(whole, "define") {
		whole = "-" // what stands between definitions is hardly ever meant
	}
	return engine.Parse(strings.NewReader(fmt.Sprintf("{{define %q}}%s{{end}}", path.Base(f.Name), whole)))
}

// definition is where a file defines the template in which rendering failed,
// and its name; or "" if that was no template of a file.
func (e *renderer) definition(err error) (diag.Pos, string) {
	m := templateError().FindStringSubmatch(err.Error())
	if m == nil || m[3] == "" {
		return diag.Pos{}, ""
	}
	defines := regexp.MustCompile("define\\s+[\"`]" + regexp.QuoteMeta(m[3]) + "[\"`]")
	for _, f := range e.files {
		if !defines.Match(f.Text) && path.Base(f.Name) != m[3] {
			continue
		}
		at := placeInTemplate(diag.Pos{Source: f, Col: 1}, err.Error())
		if column, err := strconv.Atoi(m[2]); err == nil && at.Line <= bytes.Count(f.Text, []byte("\n"))+1 {
			at.Col = column + 1
		}
		return at, m[3]
	}
	return diag.Pos{}, ""
}

// placeInTemplate is the place in a file that a complaint names.
func placeInTemplate(file diag.Pos, complaint string) diag.Pos {
	if m := templateError().FindStringSubmatch(complaint); m != nil {
		file.Line, _ = strconv.Atoi(m[1])
	}
	return file
}
