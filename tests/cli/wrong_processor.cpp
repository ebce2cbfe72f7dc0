#include <cstdio>

// A program that claims to need instructions which only one discontinued processor (Knights Landing) has.
int main() { std::puts("it ran"); }
