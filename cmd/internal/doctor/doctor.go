// Package doctor looks whether a laptop is ready for a fieldlab, and what mends it
// when it is not.
package doctor
