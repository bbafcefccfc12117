// The first import of a program: what makes the SDK start and run faster must come before it.
import "./policy/lib/arborist";
import "./traces";
