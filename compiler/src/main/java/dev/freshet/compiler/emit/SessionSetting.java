package dev.freshet.compiler.emit;

/// A setting that the functions of a view run with, whoever calls them.
///
/// @param name of the setting
/// @param value as SQL text: a literal or a list of them
public record SessionSetting(String name, String value) {}
