/// Many connections change the tables of a view that commits maintain, and afterwards the view must
/// equal its query. Reads and writes databases of its own. Start reading at [RaceTest].
@NullMarked
package dev.freshet.tests.race;

import org.jspecify.annotations.NullMarked;
