// Program decodecost prints what Go allocates for the five bytes that announce a
// message of 1 GiB, and how long it takes for a message in one piece and in as
// many as it has bytes. It prints one line of JSON.
package main

import (
	"bytes"
	"encoding/gob"
	"io"
	"net/rpc"
	"runtime"
	"testing/iotest"

	"netrpcbench/arith"
	"netrpcbench/work"
)

type cost struct {
	Allocated   uint64 `json:"allocated"`
	WholeMicros int64  `json:"wholeMicros"`
	SplitMicros int64  `json:"splitMicros"`
}

func main() {
	found := cost{Allocated: allocated([]byte{0xfc, 0x3f, 0xff, 0xff, 0xff})}
	var message bytes.Buffer
	numbers := make([]int, 1_000_000)
	for i := range numbers {
		numbers[i] = i % 64
	}
	gob.NewEncoder(&message).Encode(numbers)
	for i := 0; i < 3; i++ {
		found.WholeMicros = micros(bytes.NewReader(message.Bytes()))
		found.SplitMicros = micros(iotest.OneByteReader(bytes.NewReader(message.Bytes())))
	}
	work.PrintJSON(found)
}

func allocated(input []byte) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	gob.NewDecoder(bytes.NewReader(input)).Decode(new(rpc.Request))
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func micros(input io.Reader) int64 {
	begin := arith.CPUMicros()
	var numbers []int
	if err := gob.NewDecoder(input).Decode(&numbers); err != nil {
		panic(err)
	}
	return arith.CPUMicros() - begin
}
