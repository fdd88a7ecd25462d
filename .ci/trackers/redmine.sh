#!/bin/sh
# Install a real Redmine from Debian in a root of its own, serve it on this machine, and let it judge
# the adapter. Needs root and debootstrap; about 490 MB and a few minutes the first time.
#   .ci/trackers/redmine.sh ROOT PYTHON
set -eu
root=$1 python=$2 port=3100
here=$(dirname "$0")

if [ ! -x "$root/usr/share/redmine/bin/rails" ] && [ ! -d "$root/usr/share/redmine" ]; then
  debootstrap --variant=minbase bookworm "$root"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  chroot "$root" sh -c '
    export DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
    echo "redmine redmine/instances/default/database-type select sqlite3" | debconf-set-selections
    echo "redmine redmine/instances/default/dbconfig-install boolean true" | debconf-set-selections
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends redmine redmine-sqlite ruby-sqlite3 puma'
fi
cp "$here/redmine.rb" "$root/tmp/setup.rb"
in_redmine='cd /usr/share/redmine && export RAILS_ENV=production X_DEBIAN_SITEID=default'
keys=$(mktemp)
chroot "$root" sh -c "$in_redmine && bundle exec rails runner /tmp/setup.rb" | tail -n 1 > "$keys"
chroot "$root" sh -c "$in_redmine && exec puma -q -b tcp://127.0.0.1:$port -t 8:8 config.ru" &
server=$!
trap 'kill $server; rm -f "$keys"' EXIT
for _ in $(seq 60); do
  "$python" -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null && break
  sleep 1
done
PYTHONPATH=. "$python" "$here/redmine.py" "127.0.0.1:$port" "$keys"
