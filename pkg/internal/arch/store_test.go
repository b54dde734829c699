package arch

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// ofDatabase are the methods of a store that speak of the database itself, not of what is in it: the command line may
// call them. Everything else is asked of a service.
var ofDatabase = []string{"Backup", "Close", "Free", "Migration", "New", "Place", "ReadOnly", "Ready"}

// TestCommandAsksServices: a command wires and prints. It hands the store on to services and never reads or writes by
// it, by an interface of its own neither.
func TestCommandAsksServices(t *testing.T) {
	p := typed(t, "cmd/ortsspiegel")
	called := map[string]int{}
	for id, o := range p.uses {
		f, ok := o.(*types.Func)
		if !ok || !ofStore(f) {
			continue
		}
		called[f.Name()]++
		if !slices.Contains(ofDatabase, f.Name()) {
			t.Errorf("%s: calls the store's %s: ask a service", p.files.Position(id.Pos()), f.Name())
		}
	}
	if called["Close"] < 5 {
		t.Errorf("only %v was found: are calls still recognised", called)
	}
	for _, name := range p.scope.Names() {
		declared, ok := p.scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		face, ok := declared.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range face.Methods() {
			if store := types.NewPointer(p.store); !slices.Contains(ofDatabase, m.Name()) &&
				types.Implements(store, face) {
				t.Errorf("%s: %s is the store by another name", p.files.Position(declared.Pos()), name)
			}
		}
	}
}

// ofStore reports whether a method is one of *store.Store.
func ofStore(f *types.Func) bool {
	receiver := f.Signature().Recv()
	if receiver == nil {
		return false
	}
	of := receiver.Type()
	if p, ok := of.(*types.Pointer); ok {
		of = p.Elem()
	}
	n, ok := of.(*types.Named)
	return ok && n.Obj().Name() == "Store" && n.Obj().Pkg().Path() == module+"/pkg/store"
}

// typedPackage is a package with the types of what it names.
type typedPackage struct {
	files *token.FileSet
	uses  map[*ast.Ident]types.Object
	scope *types.Scope
	store types.Type // store.Store
}

// typed checks the types of a package as it ships, against what the compiler left of the packages it imports.
func typed(t *testing.T, folder string) typedPackage {
	t.Helper()
	root := filepath.Join("..", "..", "..")
	list := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-json=ImportPath,Export,GoFiles,Dir",
		"./"+folder)
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := list.Start(); err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	p := typedPackage{files: token.NewFileSet(), uses: map[*ast.Ident]types.Object{}}
	var syntax []*ast.File
	for lines := json.NewDecoder(out); ; {
		var found struct {
			ImportPath, Export, Dir string
			GoFiles                 []string
		}
		if err := lines.Decode(&found); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[found.ImportPath] = found.Export
		if found.ImportPath != module+"/"+folder {
			continue
		}
		for _, file := range found.GoFiles {
			f, err := parser.ParseFile(p.files, filepath.Join(found.Dir, file), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			syntax = append(syntax, f)
		}
	}
	if err := list.Wait(); err != nil {
		t.Fatal(err)
	}
	compiled := importer.ForCompiler(p.files, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	config := types.Config{Importer: compiled}
	checked, err := config.Check(module+"/"+folder, p.files, syntax, &types.Info{Uses: p.uses})
	if err != nil {
		t.Fatal(err)
	}
	p.scope = checked.Scope()
	store, err := compiled.Import(module + "/pkg/store")
	if err != nil {
		t.Fatal(err)
	}
	p.store = store.Scope().Lookup("Store").Type()
	return p
}
