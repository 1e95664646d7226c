package main

import (
	"math/bits"
	"time"
)

const (
	subBits    = 5 // 32 steps in each power of two: values are kept within 3.2 %
	maxLatency = 1 << 36
	buckets    = (36 - subBits + 1) << subBits
)

// histogram counts latencies in nanoseconds, linear below 32 and then with 32
// steps in each power of two, up to 69 s. LatencyHistogram.java is the same.
type histogram [buckets]uint32

func (h *histogram) record(d time.Duration) {
	h[index(uint64(d))]++
}

func (h *histogram) add(other *histogram) {
	for i, n := range other {
		h[i] += n
	}
}

func (h *histogram) count() (calls int64) {
	for _, n := range h {
		calls += int64(n)
	}
	return calls
}

// micros is the latency that a share of the calls did not exceed.
func (h *histogram) micros(share float64) float64 {
	rank := int64(share * float64(h.count()))
	for i, n := range h {
		rank -= int64(n)
		if rank < 0 {
			return middle(i) / 1000
		}
	}
	return 0
}

func index(value uint64) int {
	if value >= maxLatency {
		value = maxLatency - 1
	}
	if value < 1<<subBits {
		return int(value)
	}
	shift := bits.Len64(value) - 1 - subBits
	return shift<<subBits + int(value>>shift)
}

func middle(index int) float64 {
	if index < 1<<(subBits+1) {
		return float64(index)
	}
	shift := index>>subBits - 1
	low := (index - shift<<subBits) << shift
	return float64(low) + float64(int(1)<<shift)/2
}
