#pragma once
// The commands of the program, one function each. They print for people on
// standard output and problems on standard error; the result is the exit code.

#include "config/settings.hpp"

#include <string>

namespace zhiku::app {

/// What only the platform's rules can tell about a configuration that loads.
int check_config(const config::settings& how);

/// Runs the server until SIGINT or SIGTERM.
int serve(const config::settings& how);

/// Brings the schema up to date.
int migrate(const config::settings& how);

/// Tells what a stream waits for and what is on its way to it.
int why(const config::settings& how, const std::string& stream);

/// Checks the journal's hash chains and the state of the whole.
int doctor(const config::settings& how);

/// Checks the menu's file; compares it with what the platform shows (3 when it
/// differs); puts it there.
int check_menu(const config::settings& how);
int diff_menu(const config::settings& how);
int push_menu(const config::settings& how);

/// Whether the account lets us in and its templates have the catalogue's
/// fields.
int check_platform(const config::settings& how);

/// Loads questions, or a default exam plan, or staff, from a JSON file.
int load_questions(const config::settings& how, const std::string& file);
int load_plan(const config::settings& how, const std::string& file);
int load_staff(const config::settings& how, const std::string& file);

} // namespace zhiku::app
