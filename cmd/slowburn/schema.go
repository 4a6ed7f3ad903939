package main

import (
	"embed"
	"io/fs"

	"github.com/spf13/cobra"

	"slowburn/alerts"
	"slowburn/generators"
	"slowburn/internal/check"
	"slowburn/internal/routetest"
	"slowburn/internal/runbook"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
	"slowburn/slo"
)

//go:embed document.go
var documentSources embed.FS

func newSchemaCmd(std streams) *cobra.Command {
	config := false
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of specs, for editors",
		Long: `schema prints the JSON Schema of specs. With it, an editor completes keys, shows what they mean, and marks mistakes while one
types. For the YAML language server (VS Code, Neovim, Helix ...), begin a spec with
  # yaml-language-server: $schema=slowburn.schema.json
With --config it is that of .slowburn.yaml, which configures the checks.
` + exitHelp,
		Example: `  slowburn schema > slowburn.schema.json
  slowburn schema --config > slowburn.config.schema.json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text := schema
			if config {
				text = check.ConfigSchema
			}
			printed, err := text()
			if err != nil {
				return err
			}
			_, err = std.out.Write(printed)
			return err
		},
	}
	cmd.Flags().BoolVar(&config, "config", false, "that of "+configName+", which configures the checks")
	return cmd
}

// schema is the JSON Schema of all kinds of documents.
func schema() ([]byte, error) {
	return spec.Schema(
		map[string]any{"Service": new(serviceDocument), "Routing": new(routingDocument)},
		map[string]fs.FS{
			"main": documentSources, "slowburn/slo": slo.Sources, "slowburn/alerts": alerts.Sources,
			"slowburn/generators": generators.Sources, "slowburn/internal/simulate": simulate.Sources,
			"slowburn/internal/routetest": routetest.Sources,
			"slowburn/internal/runbook":   runbook.Sources,
		})
}
