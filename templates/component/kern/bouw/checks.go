package main

// checks are the jobs that say whether the component is right.
var checks = []job{}
