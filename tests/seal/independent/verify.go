// Verifies a log of ours with golang.org/x/mod/sumdb/tlog and note, the code behind Go's checksum database:
//
//	verify FOLDER KEY [OLDER-CHECKPOINT ...]
//
// The folder is what stands under /log/. Every entry is proved included, every older checkpoint consistent, by their
// tile reader and their proof checks; only the names of files (C2SP writes tile/<L>/<N>, Go tile/<H>/<L>/<N>) are ours.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type files struct {
	folder string
	read   int
}

func (f *files) Height() int { return 8 }

func (f *files) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (f *files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.folder, name))
		if err != nil {
			return nil, err
		}
		f.read++
		all = append(all, data)
	}
	return all, nil
}

func check(err error, what string) {
	if err != nil {
		fmt.Println("FAILED", what, err)
		os.Exit(1)
	}
}

func open(path string, key note.Verifier) tlog.Tree {
	text, err := os.ReadFile(path)
	check(err, "read "+path)
	opened, err := note.Open(text, note.VerifierList(key))
	check(err, "signature of "+path)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "size of "+path)
	root, err := tlog.ParseHash(lines[2])
	check(err, "root of "+path)
	if lines[0] != key.Name() {
		check(fmt.Errorf("%q", lines[0]), "origin of "+path)
	}
	return tlog.Tree{N: size, Hash: root}
}

func main() {
	folder := os.Args[1]
	key, err := note.NewVerifier(os.Args[2])
	check(err, "key")
	tree := open(filepath.Join(folder, "checkpoint"), key)
	tiles := &files{folder: folder}
	reader := tlog.TileHashReader(tree, tiles)
	root, err := tlog.TreeHash(tree.N, reader)
	check(err, "tree hash")
	if root != tree.Hash {
		check(fmt.Errorf("%v is not %v", root, tree.Hash), "root")
	}
	proved := 0
	for bundle := int64(0); bundle*256 < tree.N; bundle++ {
		width := tree.N - bundle*256
		if width > 256 {
			width = 256
		}
		path := strings.Replace(tlog.Tile{H: 8, L: -1, N: bundle, W: int(width)}.Path(), "tile/8/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, path))
		check(err, "bundle")
		for at := int64(0); at < width; at++ {
			length := int(data[0])<<8 | int(data[1])
			record := data[2 : 2+length]
			data = data[2+length:]
			proof, err := tlog.ProveRecord(tree.N, bundle*256+at, reader)
			check(err, "prove record")
			check(tlog.CheckRecord(proof, tree.N, tree.Hash, bundle*256+at, tlog.RecordHash(record)), "record")
			proved++
		}
		if len(data) != 0 {
			check(fmt.Errorf("%d bytes too many", len(data)), "bundle")
		}
	}
	for _, path := range os.Args[3:] {
		older := open(path, key)
		proof, err := tlog.ProveTree(tree.N, older.N, reader)
		check(err, "prove tree")
		check(tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash), "consistency with "+path)
	}
	fmt.Printf("OK %d entries included, %d checkpoints consistent, %d tiles read\n", proved, len(os.Args)-3, tiles.read)
}
