/// Measures Freshet beside PostgreSQL's own means, in one run and in turns, and prints the numbers
/// as Markdown. No part of the build: `tests/benchmark` runs [Benchmark], which is where to start.
@NullMarked
package dev.freshet.tests.benchmark;

import org.jspecify.annotations.NullMarked;
