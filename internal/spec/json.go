package spec

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"slowburn/internal/diag"
)

// readJSON reads a text that was computed: its values carry paths in place of
// lines. YAML's parser is not for it: it bounds the length of keys, refuses some
// characters and changes the blanks around others.
func readJSON(src *diag.Source, text string) (*Value, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	return jsonReader{src, dec}.value("", 0)
}

// errTooDeep says that a computed document nests without bound.
var errTooDeep = errors.New("too deep")

type jsonReader struct {
	src *diag.Source
	dec *json.Decoder
}

func (j jsonReader) value(path string, depth int) (*Value, error) {
	if depth > maxYield {
		return nil, errTooDeep
	}
	token, err := j.dec.Token()
	if err != nil {
		return nil, err
	}
	v := &Value{Pos: diag.Pos{Source: j.src, Path: path}}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			err = j.list(v, depth)
		} else {
			err = j.fields(v, depth)
		}
	case string:
		v.Kind, v.Text = String, t
	case json.Number:
		v.Kind, v.Text = Number, t.String()
	case bool:
		v.Kind, v.Text = Bool, strconv.FormatBool(t)
	}
	return v, err
}

func (j jsonReader) list(v *Value, depth int) error {
	var items []*Value
	for j.dec.More() {
		item, err := j.value(v.Pos.Path+"["+strconv.Itoa(len(items))+"]", depth+1)
		if err != nil {
			return err
		}
		items = append(items, item)
	}
	v.SetItems(items)
	_, err := j.dec.Token()
	return err
}

func (j jsonReader) fields(v *Value, depth int) error {
	var fields []Field
	for j.dec.More() {
		key, err := j.value(v.Pos.Path, depth+1)
		if err != nil {
			return err
		}
		value, err := j.value(strings.TrimPrefix(v.Pos.Path+"."+key.Text, "."), depth+1)
		if err != nil {
			return err
		}
		fields = append(fields, Field{Key: key, Value: value})
	}
	v.SetFields(fields)
	_, err := j.dec.Token()
	return err
}
