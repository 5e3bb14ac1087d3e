package dev.freshet.compiler.sql;

/// A type as written, with its modifiers: `numeric(10,2)`, `text[]`.
///
/// @param text SQL without comments, on one line
public record TypeName(Span span, String text) {}
