//! The exact command that installs the server programs on this system. Advice only: the program never installs and
//! never downloads.

use std::fs;
use std::path::Path;

use nix::unistd::geteuid;

/// The command for this machine; `major` when one version and no other is needed.
pub(super) fn install_command(major: Option<u32>) -> String {
    let (family, sudo) = here();
    family.command(major, sudo)
}

/// The command that brings `pg_dump` and `pg_restore` of this major version to this machine.
pub(in crate::store) fn client_command(major: u32) -> String {
    let (family, sudo) = here();
    family.client_command(major, sudo)
}

fn here() -> (Family, &'static str) {
    let release = ["/etc/os-release", "/usr/lib/os-release"]
        .iter()
        .find_map(|path| fs::read_to_string(path).ok())
        .unwrap_or_default();
    let family = if cfg!(target_os = "macos") {
        Family::Homebrew
    } else {
        family(&release)
    };
    let sudo = if geteuid().is_root() || family == Family::Homebrew {
        ""
    } else {
        "sudo "
    };
    (family, sudo)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Debian,
    Fedora,
    Alpine,
    Arch,
    Suse,
    Homebrew,
    Unknown,
}

impl Family {
    fn command(self, major: Option<u32>, sudo: &str) -> String {
        let number = major.map(|major| major.to_string()).unwrap_or_default();
        let dashed = major.map(|major| format!("-{major}")).unwrap_or_default();
        match self {
            Self::Debian => format!("{sudo}apt-get install postgresql{dashed}"),
            Self::Fedora if major.is_some() => {
                format!("{sudo}dnf install postgresql{number}-server")
            }
            Self::Fedora => format!("{sudo}dnf install postgresql-server"),
            Self::Alpine => format!("{sudo}apk add postgresql{number}"),
            Self::Arch => format!("{sudo}pacman -S postgresql"),
            Self::Suse => format!("{sudo}zypper install postgresql{number}-server"),
            Self::Homebrew => {
                format!("brew install postgresql@{}", major.unwrap_or(17))
            }
            Self::Unknown => "scripts/setup --no-root".to_owned(),
        }
    }
}

impl Family {
    fn client_command(self, major: u32, sudo: &str) -> String {
        match self {
            Self::Debian => format!("{sudo}apt-get install postgresql-client-{major}"),
            Self::Fedora => format!("{sudo}dnf install postgresql{major}"),
            Self::Alpine => format!("{sudo}apk add postgresql{major}-client"),
            Self::Arch => format!("{sudo}pacman -S postgresql"),
            Self::Suse => format!("{sudo}zypper install postgresql{major}"),
            Self::Homebrew => format!("brew install postgresql@{major}"),
            Self::Unknown => "scripts/setup --no-root".to_owned(),
        }
    }
}

/// From os-release: `ID`, then the families that `ID_LIKE` names, then the package manager that is there.
fn family(release: &str) -> Family {
    let value = |key: &str| {
        release.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name == key).then(|| value.trim().trim_matches(['"', '\'']).to_owned())
        })
    };
    let id = value("ID").unwrap_or_default();
    let like = value("ID_LIKE").unwrap_or_default();
    for name in std::iter::once(id.as_str()).chain(like.split_whitespace()) {
        match name {
            "debian" | "ubuntu" => return Family::Debian,
            "fedora" | "rhel" | "centos" | "amzn" => return Family::Fedora,
            "alpine" => return Family::Alpine,
            "arch" => return Family::Arch,
            "suse" | "opensuse" | "sles" => return Family::Suse,
            _ => {}
        }
    }
    let managers = [
        ("/usr/bin/apt-get", Family::Debian),
        ("/usr/bin/dnf", Family::Fedora),
        ("/sbin/apk", Family::Alpine),
        ("/usr/bin/pacman", Family::Arch),
        ("/usr/bin/zypper", Family::Suse),
    ];
    let manager = managers
        .iter()
        .find(|(path, _)| release.is_empty() && Path::new(path).exists());
    manager.map_or(Family::Unknown, |(_, family)| *family)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;

    #[test]
    fn each_family_has_its_command() {
        let command = |release: &str, major| family(release).command(major, "sudo ");
        assert_eq!(
            command("ID=debian\n", None),
            "sudo apt-get install postgresql"
        );
        let mint = "NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n";
        assert_eq!(
            command(mint, Some(15)),
            "sudo apt-get install postgresql-15"
        );
        let rocky = "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n";
        assert_eq!(command(rocky, None), "sudo dnf install postgresql-server");
        assert_eq!(
            command("ID=alpine\n", Some(16)),
            "sudo apk add postgresql16"
        );
        assert_eq!(command("ID=arch\n", None), "sudo pacman -S postgresql");
        let tumbleweed = "ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n";
        assert_eq!(
            command(tumbleweed, None),
            "sudo zypper install postgresql-server"
        );
        assert_eq!(command("ID=plan9\n", None), "scripts/setup --no-root");
        assert_eq!(
            Family::Homebrew.command(None, ""),
            "brew install postgresql@17"
        );
        let client = |release: &str| family(release).client_command(17, "sudo ");
        assert_eq!(
            client("ID=debian\n"),
            "sudo apt-get install postgresql-client-17"
        );
        assert_eq!(client("ID=alpine\n"), "sudo apk add postgresql17-client");
    }
}
