//! Writes several files, or none on failure.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes every `(path, text)` whose text differs from what the file holds, and returns the paths written.
///
/// All texts are written to temporary files next to their targets before the first is renamed, so that a full disk or a
/// missing permission changes nothing. If a rename fails, earlier ones are undone.
///
/// # Errors
/// The first failure, with the path it happened at.
pub(crate) fn write_all(files: Vec<(PathBuf, String)>) -> io::Result<Vec<PathBuf>> {
    let mut staged = Vec::new();
    for (path, text) in files {
        let old = match fs::read(&path) {
            Ok(old) if old == text.as_bytes() => continue,
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(at(&path, "reading", &error)),
        };
        let file = stage(&path, text.as_bytes()).map_err(|error| at(&path, "writing", &error))?;
        staged.push((path, file, old));
    }
    let mut done: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    for (path, file, old) in staged {
        if let Err(error) = file.persist(&path) {
            for (path, old) in done.iter().rev() {
                undo(path, old.as_deref())?;
            }
            return Err(at(&path, "replacing", &error.error));
        }
        done.push((path, old));
    }
    Ok(done.into_iter().map(|(path, _)| path).collect())
}

fn stage(path: &Path, text: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .permissions(permissions())
        .tempfile_in(folder)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The usual permissions of a new file. Temporary files are private otherwise.
#[cfg(unix)]
fn permissions() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(0o666)
}

fn undo(path: &Path, old: Option<&[u8]>) -> io::Result<()> {
    match old {
        Some(old) => stage(path, old)?
            .persist(path)
            .map(drop)
            .map_err(|error| error.error),
        None => fs::remove_file(path),
    }
}

fn at(path: &Path, doing: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{doing} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_differ_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let (same, new) = (folder.path().join("same"), folder.path().join("new"));
        fs::write(&same, "text").unwrap();
        let written = write_all(vec![
            (same.clone(), "text".into()),
            (new.clone(), "new".into()),
        ])
        .unwrap();
        assert_eq!(written, std::slice::from_ref(&new));
        assert_eq!(fs::read_to_string(new).unwrap(), "new");
    }

    #[test]
    fn one_that_cannot_be_written_leaves_all_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("first");
        fs::write(&first, "old").unwrap();
        // A folder in the place of the second file can be neither read nor replaced.
        let second = folder.path().join("second");
        fs::create_dir(&second).unwrap();
        write_all(vec![(first.clone(), "new".into()), (second, "new".into())]).unwrap_err();
        assert_eq!(fs::read_to_string(&first).unwrap(), "old");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            2,
            "a temporary file was left behind"
        );
    }
}
