package model

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"strings"
)

// Optional knows which fields Go's comments mark `+optional`: reflection does not see comments.
type Optional map[string]bool

// Has looks a field up by the name of its message.
func (o Optional) Has(message *Message, field Field) bool { return o[message.Full()+"."+field.GoName] }

// ReadOptional parses the packages of the walked types, in the module cache.
func (w *Walker) ReadOptional() (Optional, error) {
	marks := Optional{}
	done := map[string]bool{}
	for t := range w.messages {
		if done[t.PkgPath()] {
			continue
		}
		done[t.PkgPath()] = true
		found, err := build.Import(t.PkgPath(), ".", build.FindOnly)
		if err != nil {
			return nil, err
		}
		packages, err := parser.ParseDir(token.NewFileSet(), found.Dir, nil, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.PkgPath(), err)
		}
		for _, parsed := range packages {
			marks.collect(shortPackage(t.PkgPath()), parsed)
		}
	}
	return marks, nil
}

func (o Optional) collect(pkg string, parsed *ast.Package) {
	ast.Inspect(parsed, func(node ast.Node) bool {
		declared, ok := node.(*ast.TypeSpec)
		if !ok {
			return true
		}
		structure, ok := declared.Type.(*ast.StructType)
		if !ok {
			return false
		}
		for _, field := range structure.Fields.List {
			if field.Doc == nil || !strings.Contains(commentText(field.Doc), "+optional") {
				continue
			}
			for _, name := range field.Names {
				o[pkg+"."+declared.Name.Name+"."+name.Name] = true
			}
		}
		return false
	})
}

// commentText keeps lines that CommentGroup.Text takes for directives.
func commentText(group *ast.CommentGroup) string {
	var lines []string
	for _, comment := range group.List {
		lines = append(lines, comment.Text)
	}
	return strings.Join(lines, "\n")
}
