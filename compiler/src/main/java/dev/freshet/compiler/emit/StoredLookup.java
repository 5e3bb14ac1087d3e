package dev.freshet.compiler.emit;

/// How rows are found in the storage of a view.
///
/// @param index the list of the index for it: columns, or an expression
/// @param key the columns in which no two groups agree, as a list; empty if the rows are no groups
public record StoredLookup(String index, String key) {}
