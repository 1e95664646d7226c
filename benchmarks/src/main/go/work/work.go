// Package work is what the programs of the reliability rows share: the service
// under fault, and how programs talk with the runner.
package work

import (
	"encoding/json"
	"fmt"
	"log"
	"sync"
	"time"
)

// Read and Write are the methods; only Read may be repeated.
const (
	Read  = "Work.Read"
	Write = "Work.Write"
)

// Task is what a call asks for.
type Task struct {
	Token  int64
	Micros int64
	Size   int
}

// Done is the reply: the token of the task and Size bytes.
type Done struct {
	Token int64
	Data  []byte
}

// Work is the service. With Slots at most so many calls work at a time, and the
// others wait, since net/rpc has a goroutine for each call and no bound.
type Work struct {
	Slots chan struct{}
}

// Read works for a while.
func (w *Work) Read(task *Task, done *Done) error { return w.run(task, done) }

// Write works for a while.
func (w *Work) Write(task *Task, done *Done) error { return w.run(task, done) }

func (w *Work) run(task *Task, done *Done) error {
	if w.Slots != nil {
		w.Slots <- struct{}{}
		defer func() { <-w.Slots }()
	}
	time.Sleep(time.Duration(task.Micros) * time.Microsecond)
	done.Token = task.Token
	done.Data = make([]byte, task.Size)
	for i := range done.Data {
		done.Data[i] = byte(task.Token) // memory that nobody writes costs nothing
	}
	return nil
}

var printing sync.Mutex

// Print writes a line for the runner.
func Print(words ...any) {
	printing.Lock()
	defer printing.Unlock()
	fmt.Println(words...)
}

// PrintJSON writes a value as one line for the runner.
func PrintJSON(value any) {
	line, err := json.Marshal(value)
	if err != nil {
		log.Fatal(err)
	}
	Print(string(line))
}
