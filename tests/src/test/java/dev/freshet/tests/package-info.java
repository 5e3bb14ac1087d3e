/// The suite: fixtures, random workloads, rules about the code itself.
@NullMarked
package dev.freshet.tests;

import org.jspecify.annotations.NullMarked;
