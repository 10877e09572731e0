// Fill writes pairs of JSON and protobuf of every kind, with every field filled by reflection, so that a
// decoder of the one can be held against a parser of the other.
//
//	go run ./fill -out /tmp/pairs.bin              every kind, every variant
//	go run ./fill -out pairs.bin -sample           a few dozen small pairs, for a fixture
//
// The JSON is that of the object after a round trip through Go's own protobuf: an empty slice and no slice
// are the same bytes there, so it is all that a client of the protobuf can know.
//
// The file: chunks, each behind its length as 4 bytes little endian; five chunks make a pair: apiVersion,
// kind, variant, JSON, protobuf.
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"kubeflume/tools/schema/model"
)

func main() {
	out := flag.String("out", "", "file to write")
	seed := flag.Int64("seed", 1, "seed of the values")
	random := flag.Int("random", 8, "variants with a random choice of fields, beside the fixed ones")
	sample := flag.Bool("sample", false, "a few dozen small pairs")
	flag.Parse()

	file, err := os.Create(*out)
	check(err)
	writer := bufio.NewWriterSize(file, 1<<20)
	pairs := 0
	for _, kind := range model.NewWalker().Kinds() {
		for _, variant := range variants(*random, *sample, kind) {
			check(writePair(writer, kind, variant, *seed))
			pairs++
		}
	}
	check(writer.Flush())
	check(file.Close())
	fmt.Println(pairs, "pairs")
}

func writePair(w io.Writer, kind model.Kind, variant variant, seed int64) error {
	object := newObject(kind)
	newFiller(variant, seed, kind.APIVersion+kind.Kind).fill(object.Elem(), 0)
	json, protobuf, err := encode(kind, object)
	if err != nil {
		return fmt.Errorf("%s %s, %s: %w", kind.APIVersion, kind.Kind, variant.name, err)
	}
	for _, chunk := range [][]byte{[]byte(kind.APIVersion), []byte(kind.Kind), []byte(variant.name), json, protobuf} {
		if err := binary.Write(w, binary.LittleEndian, uint32(len(chunk))); err != nil {
			return err
		}
		if _, err := w.Write(chunk); err != nil {
			return err
		}
	}
	return nil
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
