//! Loading the configuration and the catalog from their files.

use std::path::Path;

use super::exit::Failure;
use crate::catalog::Catalog;
use crate::config::Config;
use crate::io::files::Paths;
use crate::text::{brief, did_you_mean, joined, nearest};

/// Returns the paths of the program's folders; a platform without a home folder needs them named.
pub fn paths(config: Option<&Path>, data_dir: Option<&Path>) -> Result<Paths, Failure> {
    Paths::find(config, data_dir).ok_or_else(|| Failure::usage("there is no home folder: name --config FILE and --data-dir DIR"))
}

/// Returns the catalog with the operator's own files, and what is wrong with those.
pub fn load_catalog(paths: &Paths) -> (Catalog, Vec<String>) {
    let mut catalog = Catalog::built_in();
    let (files, mut problems) = paths.read_catalog();
    problems.extend(catalog.add_files(&files).iter().map(ToString::to_string));
    for problem in &problems {
        tracing::warn!(problem, "a file of the catalog is left out");
    }
    (catalog, problems)
}

/// Returns the configuration, or all that is wrong with it.
pub fn load_config(paths: &Paths, catalog: &Catalog) -> Result<Config, Failure> {
    let Some(text) = paths.read_config()? else { return Ok(Config::default()) };
    let providers: Vec<&str> = catalog.index().map(|(id, _)| id).collect();
    Config::parse(&paths.config.display().to_string(), &text, &providers).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::usage(lines.join("\n"))
    })
}

/// Returns `there is no provider x: did you mean y?`, or with all names when none is near. `lack` is `there is no provider`.
pub fn unknown<'a>(lack: &str, name: &str, names: impl Iterator<Item = &'a str>) -> Failure {
    let names: Vec<&str> = names.collect();
    let near = nearest(name, names.iter().copied());
    let hint =
        if near.is_empty() { format!("; there are {}", joined(names.iter().map(ToString::to_string), "and")) } else { did_you_mean(&near) };
    Failure::usage(format!("{lack} `{}`{hint}", brief(name)))
}
