/// Turns the syntax of a canonical query into algebra: names resolved, plain views and WITH lists
/// inlined, subqueries turned into joins. What it cannot turn it declines with a reason and a
/// place. Start at [dev.freshet.compiler.bind.Binder].
@NullMarked
package dev.freshet.compiler.bind;

import org.jspecify.annotations.NullMarked;
