package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
)

const longestText = 1000

// invalid says that a string that was hashed was no UTF-8.
var invalid bool

// decode answers streams, sent as
//
//	kind byte, most values byte, length uint32, the stream
//
// with a 'v' and the hash for each value ('u' if a string in it is no UTF-8), then an 'e', the length of the error's text as a
// uint16, and the text: empty if all values that were asked for were there. Numbers are
// big-endian.
func decode() {
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	head := make([]byte, 6)
	for {
		if _, err := io.ReadFull(in, head); err != nil {
			return
		}
		stream := make([]byte, binary.BigEndian.Uint32(head[2:]))
		if _, err := io.ReadFull(in, stream); err != nil {
			return
		}
		text := decodeAll(stream, kinds[head[0]], int(head[1]), out)
		if len(text) > longestText {
			text = text[:longestText]
		}
		out.WriteByte('e')
		binary.Write(out, binary.BigEndian, uint16(len(text)))
		out.WriteString(text)
		if err := out.Flush(); err != nil {
			return
		}
	}
}

func decodeAll(stream []byte, kind reflect.Type, most int, out *bufio.Writer) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = strings.ToValidUTF8(fmt.Sprintf("panic: %v", r), "?")
		}
	}()
	decoder := gob.NewDecoder(bytes.NewReader(stream))
	for i := 0; i < most; i++ {
		value := reflect.New(kind)
		if err := decoder.DecodeValue(value); err != nil {
			return strings.ToValidUTF8("gob: "+err.Error(), "?")
		}
		invalid = false
		hash := hashOf(value.Elem())
		if invalid {
			out.WriteByte('u')
		} else {
			out.WriteByte('v')
		}
		binary.Write(out, binary.BigEndian, hash)
	}
	return ""
}
