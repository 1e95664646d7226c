// Calls every row of docs/guide/types.md: each value has to come back as it was sent.
//
//	typetable HOST:PORT gob|json|gob-only
package main

import (
	"encoding/gob"
	"fmt"
	"log"
	"math/big"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"reflect"
	"time"
)

type Point struct{ X, Y int }

type Node struct {
	Key         string
	Left, Right *Node
}

type Absent struct {
	Text, None *string
	Number     *int
	LongNumber *int64
	Ratio      *float64
	Box        *int
	Home       *Point
}

type Holder struct{ V interface{} }

type Shape interface{ Area() float64 }

type Square struct{ Side float64 }

func (s Square) Area() float64 { return s.Side * s.Side }

type Drawing struct{ Shape Shape }

type Account struct {
	UserID string
	Secret string
}

type row struct {
	method string
	value  interface{}
}

func rows(codec string) []row {
	if codec == "gob-only" {
		return []row{{"Complex", complex(1, -2)}, {"Drawing", Drawing{Square{1.5}}}}
	}
	text, number, long, ratio := "x", 7, int64(1<<62), 0.5
	at := time.Date(2024, 2, 29, 1, 2, 3, 4, time.FixedZone("", 5*3600+1800))
	rows := []row{
		{"Bool", true},
		{"Int8", int8(-128)}, {"Int16", int16(-32768)}, {"Int32", int32(-1 << 31)}, {"Int64", int64(-1 << 63)},
		{"Int32", int(-5)}, {"Boxed", 7},
		{"BoolBox", true}, {"ByteBox", int8(-128)}, {"ShortBox", int16(-32768)}, {"IntBox", int32(-1 << 31)},
		{"FloatBox", float32(1.5)}, {"DoubleBox", 0.1},
		{"Uint8Box", uint8(255)}, {"Uint16Box", uint16(65535)}, {"Uint32Box", uint32(1<<32 - 1)}, {"Uint64Box", uint64(1<<64 - 1)},
		{"Holder", Holder{"x"}}, {"Holder", Holder{true}}, {"Holder", Holder{0.5}}, {"Holder", Holder{}},
		{"Uint8", uint8(255)}, {"Uint16", uint16(65535)}, {"Uint32", uint32(1<<32 - 1)}, {"Uint64", uint64(1<<64 - 1)},
		{"Float32", float32(1.5)}, {"Float64", 0.1},
		{"Text", "héllo"},
		{"Bytes", []byte{0, 1, 255}},
		{"Ints", []int{1, -2, 0}}, {"Texts", []string{"a", ""}}, {"Set", []string{"a"}}, {"Unsigneds", []uint32{1<<32 - 1}},
		{"Array", [3]int64{1, 0, 3}}, {"ByteArray", [4]byte{1, 2, 3, 255}},
		{"Table", map[string]int64{"a": 1}}, {"Numbered", map[int64]string{-1: "a"}},
		{"Point", Point{1, 0}}, {"Bean", Point{0, 2}},
		{"Node", Node{"a", &Node{Key: "b"}, nil}},
		{"Color", "GREEN"},
		{"Absent", Absent{}},
		{"Absent", Absent{Text: &text, Number: &number, LongNumber: &long, Ratio: &ratio, Box: &number, Home: &Point{1, 2}}},
		{"Instant", at.UTC()}, {"OffsetDateTime", at}, {"Duration", 1500 * time.Millisecond},
		{"Big", new(big.Int).Lsh(big.NewInt(-3), 80)}, {"Decimal", "1.50"},
		{"Account", Account{UserID: "u"}},
	}
	if codec == "gob" {
		return append(rows, row{"Uuid", [16]byte{1, 15: 255}})
	}
	return append(rows, row{"Uuid", "01000000-0000-0000-0000-0000000000ff"})
}

func same(sent, got interface{}) bool {
	switch sent := sent.(type) {
	case time.Time:
		_, a := sent.Zone()
		_, b := got.(time.Time).Zone()
		return sent.Equal(got.(time.Time)) && a == b
	case *big.Int:
		return sent.Cmp(got.(*big.Int)) == 0
	}
	return reflect.DeepEqual(sent, got)
}

func main() {
	log.SetFlags(0)
	gob.Register(Square{})
	dial := rpc.Dial
	if os.Args[2] == "json" {
		dial = jsonrpc.Dial
	}
	client, err := dial("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range rows(os.Args[2]) {
		reply := reflect.New(reflect.TypeOf(row.value))
		err := client.Call("TypeTable."+row.method, row.value, reply.Interface())
		got := reply.Elem().Interface()
		if err != nil || !same(row.value, got) {
			fmt.Printf("%s: sent %T %v, got %v, error %v\n", row.method, row.value, row.value, got, err)
			continue
		}
		fmt.Println(row.method)
	}
}
