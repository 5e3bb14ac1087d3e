package dev.freshet;

/// A view file: statements that declare materialized views, their indexes, comments and grants.
///
/// @param name shown in errors and kept in the catalog, such as the path of the file
/// @param text the whole file
public record ViewSource(String name, String text) {}
