//! The command line. Everything is in the library.

fn main() -> samar::exit::Exit {
    samar::cli::main()
}
