package dev.freshet.engine.install;

import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.emit.StoredColumn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A declared view as the server itself writes it, so that two spellings of the same compare equal.
///
/// @param query text of `pg_get_viewdef` with an empty search path
/// @param columns of the query
/// @param indexes text after `USING` with uniqueness in front, by declared name
/// @param increment how it is refreshed incrementally, if it is to be
/// @param sources names of relations that the query reads, directly or through plain views
record Canonical(
    String query,
    List<StoredColumn> columns,
    Map<String, String> indexes,
    Set<String> sources,
    Optional<IncrementScript> increment) {}
