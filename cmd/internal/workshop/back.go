package workshop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// BackRequest asks for a state that is known to be good.
type BackRequest struct {
	Dir      string
	Step     string // that is done then; "" for the state that the workshop began with
	Pack     fs.FS
	Version  string
	Env      func(string) string
	Now      func() time.Time
	Fieldlab course.Fieldlab

	// before is called before each change on disk: a test dies there.
	before func(what string) error
}

// Back says what was done.
type Back struct {
	Step   *course.Step // nil for the beginning
	Steps  int          // how many are taken over now
	From   string       // the branch that is checked out
	Branch string       // has the own work
	Before string       // has it as it was before a run that was killed, when that is another; or ""
	Commit string       // with the known-good state; "" when it was that already
	Folder string       // in the component, with what was moved aside; "" for nothing
	Files  int          // that were moved aside
	Data   bool         // the database was, too
	Nested []string     // folders that are repositories of their own, in which nobody looked
}

// The reasons for which nothing is done, next to those of package repository.
var (
	ErrNoCourse = errors.New("workshop: the component follows no course")
	ErrDataLink = errors.New("workshop: .data is a link")
)

// NoStepError says that the course has no such step.
type NoStepError struct {
	Name  string
	Steps []*course.Step // that there are
}

func (e NoStepError) Error() string { return "workshop: no step " + e.Name }

// RunningError says that something listens where the component would.
type RunningError struct{ Port int }

func (e RunningError) Error() string { return fmt.Sprintf("workshop: port %d is taken", e.Port) }

// GoBack brings the component to a state that is known to be good, in one commit. The
// own work of the team is on a branch before anything changes, and what changes on
// disk is moved aside, so that nothing is ever lost. A run that was killed is ended
// by the next one.
func GoBack(ctx context.Context, r BackRequest) (Back, error) {
	c, err := Open(r.Dir)
	if err != nil {
		return Back{}, err
	}
	b := &backer{BackRequest: r, c: c}
	if err := b.look(ctx); err != nil {
		return Back{}, err
	}
	defer b.close()
	if b.good, err = r.knownGood(ctx, b.root, b.steps); err != nil {
		return Back{}, err
	}
	if err := ctx.Err(); err != nil {
		return Back{}, err
	}
	// From here on an interrupt would only leave more to do for the next run.
	return b.back, b.goBack(context.WithoutCancel(ctx))
}

// backer brings a component to a state.
type backer struct {
	BackRequest
	c     *Component
	root  *os.Root
	lock  io.Closer
	work  *repository.Work
	steps []*course.Step
	good  []repository.File
	lay   *repository.Lay
	left  *journal // by a run that was killed
	now   journal
	back  Back
}

func (b *backer) close() {
	if b.work != nil {
		b.work.Close()
	}
	if b.lock != nil {
		_ = b.lock.Close()
	}
	if b.root != nil {
		_ = b.root.Close()
	}
}

// look refuses what cannot be done, before any work.
func (b *backer) look(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	if err := b.find(); err != nil {
		return err
	}
	if port := b.c.Mine.Team.Port; taken(ctx, port) {
		return RunningError{port}
	}
	if b.root, err = os.OpenRoot(b.Dir); err != nil {
		return err
	}
	if info, err := b.root.Lstat(dataFolder); err == nil && !info.IsDir() {
		return ErrDataLink
	}
	if b.lock, err = locked(filepath.Join(b.Dir, filepath.FromSlash(Folder))); err != nil {
		return err
	}
	if b.work, err = repository.Open(b.Dir); err != nil {
		return err
	}
	b.left = readJournal(b.root)
	if b.left != nil && b.left.Locked {
		if err := b.work.Unlock(); err != nil {
			return err
		}
	}
	b.back.From = b.work.Branch()
	return b.work.CanCommit("")
}

// locked takes the lock of a folder. It looks a few times: a program that this one
// starts has the lock as well, for the moment until it becomes another program.
func locked(dir string) (lock io.Closer, err error) {
	for range 10 {
		if lock, err = tree.Lock(dir); !errors.Is(err, tree.ErrLocked) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return lock, err
}

// find finds the steps of which the recipes lead to the state.
func (b *backer) find() error {
	if b.Step == "" {
		return nil
	}
	if b.c.Course == nil {
		return ErrNoCourse
	}
	step := b.c.Course.Step(b.Step)
	if step == nil {
		return NoStepError{Name: b.Step, Steps: b.c.Path()}
	}
	b.back.Step, b.steps = step, b.c.Course.Until(step.ID)
	return nil
}

// taken says whether something listens on a port of this machine.
func taken(ctx context.Context, port int) bool {
	dialer := net.Dialer{Timeout: 300 * time.Millisecond}
	for _, host := range []string{"127.0.0.1", "::1"} {
		conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err == nil {
			_ = conn.Close()
			return true
		}
	}
	return false
}

// goBack does it, in an order in which the work is safe before anything changes.
func (b *backer) goBack(ctx context.Context) (err error) {
	if b.lay, err = b.work.Lies(ctx, b.Env, dataFolder); err != nil {
		return err
	}
	b.back.Nested = b.lay.Nested
	b.takeOver()
	for _, do := range []func() error{b.keep, b.moveData, b.moveUpdate, b.replaceFiles, b.progress, b.commit} {
		if err := do(); err != nil {
			return err
		}
	}
	if b.back.Files == 0 && !b.back.Data { // nothing came in it
		_ = b.root.Remove(b.back.Folder)
		_ = b.root.Remove(dataFolder)
		if _, err := b.root.Lstat(b.back.Folder); err != nil {
			b.back.Folder = ""
		}
	}
	return endJournal(b.root)
}

// takeOver adds to the good state what the component keeps of the workshop.
func (b *backer) takeOver() {
	for _, file := range b.lay.Files {
		name := strings.TrimPrefix(file.Path, Folder+"/")
		own := name != ProgressFile && name != journalFile && name != joinedFile && !strings.HasSuffix(name, ".nieuw")
		if inWorkshop(file.Path) && !file.Link && own {
			b.good = append(b.good, file.File)
		}
	}
}

// keep puts the own work on a branch, unless a run before did.
func (b *backer) keep() error {
	if b.left != nil && b.keptAlready() {
		b.now = *b.left
		b.back.Branch, b.back.Folder = b.now.Branch, b.now.Folder
		return nil
	}
	if b.left != nil {
		b.back.Before = b.left.Branch
	}
	name := "begin"
	if b.back.Step != nil {
		name = b.back.Step.ID
	}
	now := b.Now()
	stamp := now.Format("20060102-150405")
	options := b.options("Eigen werk, voor " + b.words() + "\n")
	for try := 1; ; try++ {
		branch, folder := "eigen-werk/"+name+"-"+stamp, dataFolder+"/bewaard-"+stamp
		if try > 1 {
			branch, folder = fmt.Sprintf("%s-%d", branch, try), fmt.Sprintf("%s-%d", folder, try)
		}
		if _, err := b.root.Lstat(folder); err == nil {
			continue
		}
		if err := b.step("keep"); err != nil {
			return err
		}
		_, err := b.work.Keep(b.lay, branch, options)
		var obstacle repository.Obstacle
		if errors.As(err, &obstacle) && obstacle.Why == repository.BranchExists && try < 100 {
			continue
		}
		if err != nil {
			return err
		}
		b.back.Branch, b.back.Folder = branch, folder
		b.now = journal{Step: b.Step, Branch: branch, Folder: folder}
		return b.note()
	}
}

// note writes down how far it is.
func (b *backer) note() error {
	if err := b.step("journal"); err != nil {
		return err
	}
	return b.now.write(b.root)
}

// keptAlready says whether all that lies there is on the branch of a run before, or
// was put there by it.
func (b *backer) keptAlready() bool {
	kept, err := b.work.Branched(b.left.Branch)
	if err != nil {
		return false
	}
	good := map[string]string{}
	for _, file := range b.good {
		good[file.Path] = repository.Hash(file.Body)
	}
	for _, file := range b.lay.Files {
		hash := repository.Hash(file.Body)
		if file.Path != Folder+"/"+ProgressFile && kept[file.Path] != hash && good[file.Path] != hash {
			return false
		}
	}
	return true
}

// options says who commits.
func (b *backer) options(message string) repository.Options {
	persons := repository.Identify(b.Env, b.work.Place(""))
	return repository.Options{Author: persons.Author, Committer: persons.Committer, Message: message, When: b.Now()}
}

// words is what it is about, for a commit.
func (b *backer) words() string {
	if b.back.Step == nil {
		return "fieldlab workshop reset"
	}
	return "fieldlab workshop catch-up " + b.back.Step.ID
}

// progress marks the steps that are done now without having been done.
func (b *backer) progress() error {
	p := &b.c.Progress
	for _, step := range b.steps {
		if done := p.Steps[step.ID]; done.At.IsZero() {
			if done.Checks == nil {
				done.Checks = map[string]time.Time{}
			}
			done.At, done.CaughtUp = b.Now().UTC().Truncate(time.Second), true
			p.Steps[step.ID] = done
			b.back.Steps++
		}
		p.Begun = step.ID
	}
	if err := b.step("progress"); err != nil {
		return err
	}
	if b.back.Step != nil {
		return b.c.Save()
	}
	// As the workshop began: there was none.
	if err := b.root.Remove(Folder + "/" + ProgressFile); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// commit makes the known-good state the last commit.
func (b *backer) commit() (err error) {
	files := append([]repository.File(nil), b.good...)
	if b.back.Step != nil {
		body, err := encoded(b.c.Progress)
		if err != nil {
			return err
		}
		files = append(files, repository.File{Path: Folder + "/" + ProgressFile, Body: body})
	}
	for i := range files {
		if files[i].Info, err = b.root.Lstat(files[i].Path); err != nil {
			return err
		}
	}
	b.now.Locked = true
	if err := b.note(); err != nil {
		return err
	}
	message := "Terug naar het begin van de workshop\n"
	if b.back.Step != nil {
		message = "Ingehaald tot en met de stap " + b.back.Step.ID + "\n"
	}
	if err := b.step("commit"); err != nil {
		return err
	}
	b.back.Commit, err = b.work.Become(files, b.options(message))
	return err
}

func (b *backer) step(what string) error {
	if b.before == nil {
		return nil
	}
	return b.before(what)
}
