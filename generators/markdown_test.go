package generators

import (
	"bytes"
	"html"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// shownBy is what a reader sees of Markdown in one paragraph: the text, with
// code between quotation marks.
func shownBy(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	shown := strings.NewReplacer("<p>", "", "</p>\n", "", "<code>", "«", "</code>", "»").Replace(out.String())
	if strings.Contains(shown, "<") {
		t.Errorf("%s becomes %s", text, shown)
	}
	return html.UnescapeString(shown)
}

// TestEscape holds that a text stands as it is, for readers of the page and, where
// Markdown allows it, of its source.
func TestEscape(t *testing.T) {
	for text, source := range map[string]string{
		`redis_up{job="redis"}`: `redis_up{job="redis"}`,
		`slack #oncall!`:        `slack #oncall!`,
		`a__b_c`:                `a__b_c`,
		`# no heading`:          `\# no heading`,
		`_no emphasis_`:         `\_no emphasis\_`,
		`__a__ x_ _y a_.b_`:     `\_\_a\_\_ x\_ \_y a\_.b\_`,
		"*a* `b` [c](d) ~~e~~":  "\\*a\\* \\`b\\` \\[c\\](d) \\~\\~e\\~\\~",
		`<b> & \ | ![x](y)`:     `&lt;b&gt; &amp; \\ \| !\[x\](y)`,
	} {
		if got := escape(text); got != source {
			t.Errorf("%s is written %s, want %s", text, got, source)
		}
		if got := shownBy(t, escape(text)); got != text {
			t.Errorf("%s is shown as %s", text, got)
		}
	}
}

// TestSelectorsAreCode holds what of a sentence is code.
func TestSelectorsAreCode(t *testing.T) {
	for text, want := range map[string]string{
		`nothing of redis_up{job="redis"} is up`:            `nothing of «redis_up{job="redis"}» is up`,
		`up{x="a}b",y=~"c\"{d}"} is 0`:                      `«up{x="a}b",y=~"c\"{d}"}» is 0`,
		`sum(rate(a_total{b="c"}[5m])) * 2 > 3`:             `sum(rate(«a_total{b="c"}[5m]»)) * 2 > 3`,
		`pg_lag is above 30s, at 10:30`:                     `«pg_lag» is above 30s, at 10:30`,
		"write requests, 2 * 3, and `x`, api-latency: good": "write requests, 2 * 3, and `x`, api-latency: good",
		`a{b=~"c|d"} is 0`:                                  `«a{b=~"c|d"}» is 0`,
	} {
		if got := shownBy(t, withCode(text)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
