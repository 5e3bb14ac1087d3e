package dev.freshet.compiler.emit;

/// A column of the unique index that tells rows apart.
///
/// @param name as in the view
/// @param equals the operator of the index that means equality, such as `OPERATOR(pg_catalog.=)`
public record KeyColumn(String name, String equals) {}
