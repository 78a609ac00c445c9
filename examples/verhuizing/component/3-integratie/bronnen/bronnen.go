// Package bronnen holds a client per source: for each question a method with
// the parameters of that question and nothing else. What a source may be asked
// for, for which processing activity and which fields of the answer are kept
// stands here, in one place per source, so that a privacy officer can read it.
package bronnen
