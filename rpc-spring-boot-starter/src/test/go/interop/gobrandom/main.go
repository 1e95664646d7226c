// Gobrandom trades random values with the Java tests over pipes, as gob.
//
//	gobrandom write SEED COUNT   writes COUNT values to standard output
//	gobrandom check COUNT        reads COUNT values from standard input
//	gobrandom decode             reads any streams, see decode.go
//
// Behind each value goes a hash of it, computed from the value and not from its bytes, so
// the two ends agree on what was meant. The kinds of values take turns. A new gob stream
// begins every perStream values.
package main

import (
	"bufio"
	"encoding/gob"
	"fmt"
	"math"
	"math/big"
	"math/rand"
	"os"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"
)

const perStream = 1000

type Point struct {
	X int
	Y int
}

type Scalars struct {
	B    bool
	I    int
	I8   int8
	I16  int16
	I32  int32
	I64  int64
	U    uint
	U8   uint8
	U16  uint16
	U32  uint32
	U64  uint64
	Up   uintptr
	F32  float32
	F64  float64
	C64  complex64
	C128 complex128
	S    string
	By   []byte
	D    time.Duration
}

type Containers struct {
	Ints   []int64
	Strs   []string
	Bools  []bool
	Floats []float64
	F32s   []float32
	U16s   []uint16
	I8s    []int8
	Bytes  [][]byte
	Deep   [][]int32
	Cs     []complex128
	A3     [3]int32
	B4     [4]byte
	Grid   [2][2]string
	ID     [16]byte
	M      map[string]int64
	IM     map[int32]string
	MS     map[string][]string
	UM     map[uint8]bool
	FM     map[float64]Point
}

type Nested struct {
	P    Point
	Ptr  *Point
	Pts  []Point
	Ptrs []*Point
	MP   map[string]Point
	MPP  map[string]*Point
	In   Scalars
	None struct{}
}

type Pointers struct {
	B *bool
	I *int64
	U *uint32
	F *float64
	S *string
	P *Point
	T *time.Time
}

type Times struct {
	T    time.Time
	Ts   []time.Time
	MT   map[string]time.Time
	D    time.Duration
	Big  *big.Int
	Bigs []*big.Int
}

type Tree struct {
	Key   string
	Left  *Tree
	Right *Tree
	Kids  []Tree
	ByKey map[string]*Tree
}

type Anys struct {
	V    interface{}
	L    []interface{}
	M    map[string]interface{}
	Tail int
}

type Wide struct {
	A0, A1, A2, A3, A4, A5, A6, A7, A8, A9 int32
	B0, B1, B2, B3, B4, B5, B6, B7, B8, B9 uint32
	C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 float64
	D0, D1, D2, D3, D4, D5, D6, D7, D8, D9 string
}

// The order is the order of turns, the same in Java.
var kinds = []reflect.Type{
	reflect.TypeOf(Point{}),
	reflect.TypeOf(Scalars{}),
	reflect.TypeOf(Containers{}),
	reflect.TypeOf(Nested{}),
	reflect.TypeOf(Pointers{}),
	reflect.TypeOf(Times{}),
	reflect.TypeOf(Tree{}),
	reflect.TypeOf(Anys{}),
	reflect.TypeOf(Wide{}),
	reflect.TypeOf(int64(0)),
	reflect.TypeOf(""),
	reflect.TypeOf([]Point{}),
	reflect.TypeOf(map[string]int32{}),
	reflect.TypeOf(float64(0)),
	reflect.TypeOf(uint64(0)),
	reflect.TypeOf([]byte{}),
}

var (
	timeType = reflect.TypeOf(time.Time{})
	bigType  = reflect.TypeOf(&big.Int{})
)

func main() {
	gob.RegisterName("Point", Point{})
	gob.RegisterName("Anys", Anys{})
	gob.RegisterName("time.Time", time.Time{})
	if len(os.Args) == 2 && os.Args[1] == "decode" {
		decode()
		return
	}
	if len(os.Args) < 3 {
		fail("usage: gobrandom write SEED COUNT | check COUNT | decode")
	}
	if os.Args[1] == "write" && len(os.Args) == 4 {
		write(int64(number(os.Args[2])), number(os.Args[3]))
	} else if os.Args[1] == "check" {
		check(number(os.Args[2]))
	} else {
		fail("unknown command " + os.Args[1])
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		fail(err.Error())
	}
	return n
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, text)
	os.Exit(1)
}

func write(seed int64, count int) {
	random := &maker{rand.New(rand.NewSource(seed))}
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	var encoder *gob.Encoder
	for i := 0; i < count; i++ {
		if i%perStream == 0 {
			encoder = gob.NewEncoder(out)
		}
		value := reflect.New(kinds[i%len(kinds)])
		random.fill(value.Elem(), 0)
		if err := encoder.EncodeValue(value); err != nil {
			fail(fmt.Sprintf("value %d: %v", i, err))
		}
		if err := encoder.Encode(hashOf(value.Elem())); err != nil {
			fail(err.Error())
		}
	}
	if err := out.Flush(); err != nil {
		fail(err.Error())
	}
}

func check(count int) {
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	var decoder *gob.Decoder
	differences := 0
	for i := 0; i < count; i++ {
		if i%perStream == 0 {
			decoder = gob.NewDecoder(in)
		}
		value := reflect.New(kinds[i%len(kinds)])
		if err := decoder.DecodeValue(value); err != nil {
			fail(fmt.Sprintf("value %d: %v", i, err))
		}
		var hash uint64
		if err := decoder.Decode(&hash); err != nil {
			fail(fmt.Sprintf("hash %d: %v", i, err))
		}
		if hash != hashOf(value.Elem()) {
			differences++
			if differences <= 3 {
				fmt.Fprintf(os.Stderr, "value %d differs: %+v\n", i, value.Elem().Interface())
			}
		}
	}
	fmt.Printf("%d values, %d differences\n", count, differences)
}

type maker struct {
	*rand.Rand
}

var edges = []int64{0, 1, -1, 2, 63, 64, -63, -64, -65, 127, 128, -128, -129, 255, 256, 32767, -32768, 65535,
	1 << 31, -(1 << 31), math.MaxInt64, math.MinInt64}

func (m *maker) integer() int64 {
	switch m.Intn(4) {
	case 0:
		return 0
	case 1:
		return edges[m.Intn(len(edges))]
	default:
		return int64(m.Uint64()) >> uint(m.Intn(64))
	}
}

func (m *maker) float() float64 {
	switch m.Intn(8) {
	case 0:
		return 0
	case 1:
		return float64(m.Intn(1000))
	case 2:
		return []float64{math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64,
			math.Copysign(0, -1)}[m.Intn(6)]
	case 3:
		return math.Float64frombits(m.Uint64())
	default:
		return m.NormFloat64()
	}
}

func (m *maker) text() string {
	alphabet := []rune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \x00\n\"")
	if m.Intn(4) == 0 {
		alphabet = []rune("aä世界é😀\u07ff\u0800\uffff\U0010ffff")
	}
	runes := make([]rune, m.length())
	for i := range runes {
		runes[i] = alphabet[m.Intn(len(alphabet))]
	}
	return string(runes)
}

func (m *maker) length() int {
	switch m.Intn(40) {
	case 0:
		return 120 + m.Intn(20)
	case 1:
		return 250 + m.Intn(300)
	default:
		return m.Intn(9)
	}
}

func (m *maker) time() time.Time {
	t := time.Unix(m.Int63n(1<<36)-1<<35, m.Int63n(1e9))
	switch m.Intn(4) {
	case 0:
		return time.Time{}
	case 1:
		return t.UTC()
	case 2:
		return t.In(time.FixedZone("", 60*(m.Intn(14*60)+1)+m.Intn(60)))
	default:
		return t.In(time.FixedZone("", -60*(m.Intn(14*60)+2)))
	}
}

func (m *maker) big() *big.Int {
	bytes := make([]byte, m.Intn(40))
	m.Read(bytes)
	n := new(big.Int).SetBytes(bytes)
	if m.Intn(2) == 0 {
		n.Neg(n)
	}
	return n
}

func (m *maker) any(depth int) reflect.Value {
	var v interface{}
	switch m.Intn(10) {
	case 0:
		v = m.integer()
	case 1:
		v = m.text()
	case 2:
		v = m.Intn(2) == 0
	case 3:
		v = m.float()
	case 4:
		v = []byte(m.text())
	case 5:
		v = []string{m.text(), m.text()}
	case 6:
		v = Point{int(m.integer()), int(m.integer())}
	case 7:
		v = m.time()
	case 8:
		if depth < 4 {
			anys := Anys{}
			m.fill(reflect.ValueOf(&anys).Elem(), depth+1)
			v = anys
		} else {
			v = ""
		}
	default:
		v = int32(m.integer())
	}
	return reflect.ValueOf(v)
}

func (m *maker) few(depth int) int {
	if depth > 4 {
		return 0
	}
	return m.Intn(5 - depth)
}

func (m *maker) fill(v reflect.Value, depth int) {
	switch v.Type() {
	case timeType:
		v.Set(reflect.ValueOf(m.time()))
		return
	case bigType:
		v.Set(reflect.ValueOf(m.big()))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(m.Intn(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(m.integer())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(uint64(m.integer()))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(m.float())
	case reflect.Complex64, reflect.Complex128:
		v.SetComplex(complex(m.float(), m.float()))
	case reflect.String:
		v.SetString(m.text())
	case reflect.Slice:
		n := m.few(depth)
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(m.text()))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := 0; i < n; i++ {
			m.element(v.Index(i), depth+1)
		}
	case reflect.Array:
		for i := 0; i < v.Len(); i++ {
			m.element(v.Index(i), depth+1)
		}
	case reflect.Map:
		if m.Intn(4) == 0 {
			return
		}
		v.Set(reflect.MakeMap(v.Type()))
		for i := m.few(depth); i > 0; i-- {
			key := reflect.New(v.Type().Key()).Elem()
			m.fill(key, depth+1)
			if key.Kind() == reflect.Float64 && (math.IsNaN(key.Float()) || key.Float() == 0) {
				continue // NaN is many keys in Go; 0 and -0 are one
			}
			value := reflect.New(v.Type().Elem()).Elem()
			m.element(value, depth+1)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := 0; i < v.NumField(); i++ {
			m.fill(v.Field(i), depth+1)
		}
	case reflect.Ptr:
		if m.Intn(3) == 0 || depth > 5 {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		m.fill(v.Elem(), depth+1)
	case reflect.Interface:
		if m.Intn(5) > 0 {
			v.Set(m.any(depth))
		}
	default:
		fail("no random " + v.Type().String())
	}
}

// element fills what may not be nil.
func (m *maker) element(v reflect.Value, depth int) {
	if v.Kind() == reflect.Ptr && v.Type() != bigType {
		v.Set(reflect.New(v.Type().Elem()))
		m.fill(v.Elem(), depth)
		return
	}
	m.fill(v, depth)
}

// FNV-1a, over a notation that knows neither nil from empty nor a pointer from what it
// points to, and takes a pointer to a zero basic value for nil.
type hasher uint64

func hashOf(v reflect.Value) uint64 {
	h := hasher(14695981039346656037)
	h.value(v)
	return uint64(h)
}

func (h *hasher) octet(b byte) {
	*h = (*h ^ hasher(b)) * 1099511628211
}

func (h *hasher) number(n uint64) {
	for i := 0; i < 8; i++ {
		h.octet(byte(n >> (8 * i)))
	}
}

func (h *hasher) bits(tag byte, n uint64) {
	h.octet(tag)
	h.number(n)
}

func (h *hasher) float(f float64) {
	switch {
	case math.IsNaN(f):
		h.bits('d', 1)
	case f == 0:
		h.bits('d', 0)
	default:
		h.bits('d', math.Float64bits(f))
	}
}

func (h *hasher) bytes(b []byte) {
	h.bits('s', uint64(len(b)))
	for _, octet := range b {
		h.octet(octet)
	}
}

func (h *hasher) value(v reflect.Value) {
	switch v.Type() {
	case timeType:
		t := v.Interface().(time.Time)
		if t.IsZero() {
			h.octet('-')
			return
		}
		_, offset := t.Zone()
		h.bits('T', uint64(t.Unix()))
		h.number(uint64(t.Nanosecond()))
		h.number(uint64(int64(offset)))
		return
	case bigType:
		if v.IsNil() {
			h.octet('-')
			return
		}
		n := v.Interface().(*big.Int)
		h.bits('B', uint64(int64(n.Sign())))
		h.bytes(n.Bytes())
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			h.octet('t')
		} else {
			h.octet('f')
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		h.bits('i', uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		h.bits('i', v.Uint())
	case reflect.Float32, reflect.Float64:
		h.float(v.Float())
	case reflect.Complex64, reflect.Complex128:
		h.float(real(v.Complex()))
		h.float(imag(v.Complex()))
	case reflect.String:
		invalid = invalid || !utf8.ValidString(v.String())
		h.bytes([]byte(v.String()))
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			h.bytes(v.Bytes())
			return
		}
		h.bits('l', uint64(v.Len()))
		for i := 0; i < v.Len(); i++ {
			h.value(v.Index(i))
		}
	case reflect.Map:
		// Entries have no order
		sum := uint64(0)
		for entries := v.MapRange(); entries.Next(); {
			entry := hasher(14695981039346656037)
			entry.value(entries.Key())
			entry.value(entries.Value())
			sum += uint64(entry)
		}
		h.bits('m', uint64(v.Len()))
		h.number(sum)
	case reflect.Struct:
		h.octet('{')
		for i := 0; i < v.NumField(); i++ {
			h.value(v.Field(i))
		}
		h.octet('}')
	case reflect.Ptr:
		if v.IsNil() || (v.Elem().Kind() != reflect.Struct && v.Elem().IsZero()) {
			h.octet('-')
			return
		}
		if f := v.Elem(); f.Kind() == reflect.Float64 && f.Float() == 0 {
			h.octet('-') // -0 is not sent either
			return
		}
		h.value(v.Elem())
	case reflect.Interface:
		if v.IsNil() {
			h.octet('-')
			return
		}
		h.octet('I')
		h.value(v.Elem())
	default:
		fail("no hash of " + v.Type().String())
	}
}
