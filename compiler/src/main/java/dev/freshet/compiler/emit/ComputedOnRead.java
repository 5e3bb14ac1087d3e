package dev.freshet.compiler.emit;

import java.util.Map;

/// What is computed when a view with shards is read, with the rights and settings of the reader.
///
/// @param groups a query of what it is computed from
/// @param expressions over a row `g` of that, by the name of the column
public record ComputedOnRead(String groups, Map<String, String> expressions) {}
