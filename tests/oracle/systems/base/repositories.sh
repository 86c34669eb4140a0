# Makes a package `tiny` and a repository of it for apt, dnf, zypper and pacman, and has each use that repository alone.
export LC_ALL=C

# apt: `copy:` has it fetch as from a server, which `file:` would not.
mkdir -p /tmp/deb/DEBIAN /srv/apt/dists/stable/main/binary-amd64
printf 'Package: tiny\nVersion: 1\nArchitecture: all\nMaintainer: oracle\nDescription: tiny\n' > /tmp/deb/DEBIAN/control
dpkg-deb --build /tmp/deb /srv/apt/tiny_1_all.deb
{
    dpkg-deb --field /srv/apt/tiny_1_all.deb
    printf 'Filename: tiny_1_all.deb\nSize: %s\n' "$(stat --format=%s /srv/apt/tiny_1_all.deb)"
    printf 'SHA256: %s\n' "$(sha256sum /srv/apt/tiny_1_all.deb | cut --delimiter=' ' --fields=1)"
} > /srv/apt/dists/stable/main/binary-amd64/Packages
cd /srv/apt/dists/stable
printf 'Suite: stable\nCodename: stable\nArchitectures: amd64\nComponents: main\nDate: %s\nSHA256:\n %s %s %s\n' \
    "$(date --utc --rfc-email)" \
    "$(sha256sum main/binary-amd64/Packages | cut --delimiter=' ' --fields=1)" \
    "$(stat --format=%s main/binary-amd64/Packages)" main/binary-amd64/Packages > Release
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes arch=amd64] copy:/srv/apt stable main' > /etc/apt/sources.list
# What the official images of Debian and Ubuntu have: nothing that is downloaded stays.
cat > /etc/apt/apt.conf.d/docker-clean << 'EOF'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
EOF

# dnf and zypper
mkdir -p /tmp/rpm /srv/rpm /etc/yum.repos.d /etc/zypp/repos.d
printf 'Name: tiny\nVersion: 1\nRelease: 1\nSummary: tiny\nLicense: MIT\nBuildArch: noarch\n%%description\ntiny\n%%files\n' > /tmp/rpm/tiny.spec
rpmbuild -bb --define '_rpmdir /srv/rpm' --define '_topdir /tmp/rpm' /tmp/rpm/tiny.spec
createrepo_c --quiet /srv/rpm
rm -f /etc/yum.repos.d/*
printf '[tiny]\nname=tiny\nbaseurl=file:///srv/rpm\ngpgcheck=0\n' | tee /etc/yum.repos.d/tiny.repo /etc/zypp/repos.d/tiny.repo
printf 'enabled=1\nautorefresh=1\n' >> /etc/zypp/repos.d/tiny.repo
echo 1 > /etc/dnf/vars/releasever || { mkdir -p /etc/dnf/vars && echo 1 > /etc/dnf/vars/releasever; }

# pacman
mkdir -p /tmp/pacman/usr/share/tiny /tmp/db/tiny-1-1 /srv/pacman
printf 'pkgname = tiny\npkgver = 1-1\npkgdesc = tiny\nbuilddate = 1\nsize = 1\narch = any\n' > /tmp/pacman/.PKGINFO
echo tiny > /tmp/pacman/usr/share/tiny/tiny
cd /tmp/pacman
tar --create --gzip --file=/srv/pacman/tiny-1-1-any.pkg.tar.gz .PKGINFO usr
printf '%%FILENAME%%\ntiny-1-1-any.pkg.tar.gz\n\n%%NAME%%\ntiny\n\n%%VERSION%%\n1-1\n\n%%CSIZE%%\n%s\n\n%%SHA256SUM%%\n%s\n\n%%ARCH%%\nany\n\n' \
    "$(stat --format=%s /srv/pacman/tiny-1-1-any.pkg.tar.gz)" \
    "$(sha256sum /srv/pacman/tiny-1-1-any.pkg.tar.gz | cut --delimiter=' ' --fields=1)" > /tmp/db/tiny-1-1/desc
cd /tmp/db
tar --create --gzip --file=/srv/pacman/tiny.db tiny-1-1
printf '[options]\nArchitecture = auto\nSigLevel = Never\n[tiny]\nServer = file:///srv/pacman\n' > /etc/pacman.conf

rm -rf /tmp/* /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/cache/apt/*.bin
