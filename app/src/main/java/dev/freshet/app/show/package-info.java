/// How results look: tables, durations and sizes for people, JSON for scripts, errors as psql
/// prints them, progress on a terminal. Start reading at [Screen].
@NullMarked
package dev.freshet.app.show;

import org.jspecify.annotations.NullMarked;
