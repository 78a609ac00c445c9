package main

// deliveries are the jobs that make what is handed over. Nothing is delivered after
// a job that failed.
var deliveries = []job{}
