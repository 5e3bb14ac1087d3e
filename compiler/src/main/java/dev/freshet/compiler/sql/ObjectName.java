package dev.freshet.compiler.sql;

/// A name and the place where the user wrote it.
public record ObjectName(QualifiedName name, Span span) {}
