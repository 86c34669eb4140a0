"""What package managers of distributions leave in the image: apt-get, dnf, zypper and pacman, in real builds."""
