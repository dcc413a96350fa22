#!/bin/bash
# Sets one-way replication up, as the administrators of the two sites do it.
set -eu
SOURCE=/mapr/sanfrancisco/customers
REPLICA=/mapr/newyork/customers    # made below
GATEWAYS="gw-ny-1 gw-ny-2"

# The destination must be found.
sudo -u mapr maprcli cluster gateway set -dstcluster newyork -gateways "$GATEWAYS" -cluster sanfrancisco

maprcli table create -path "$REPLICA" -copymetafrom "$SOURCE"
if [ "${1:-}" = --paused ]; then
    maprcli table replica add -path "$SOURCE" -replica "$REPLICA" -paused true
else
    maprcli table replica add -path "$SOURCE" -replica "$REPLICA"
fi
maprcli table upstream add -path "$REPLICA" \
    -upstream "$SOURCE"

cat <<EOF
Now look at it:
maprcli table replica list -path $SOURCE
EOF
hbase shell <<EOF
put '$SOURCE', 'row1', 'profile:name', 'Ana'
EOF
maprcli table replica list -path $SOURCE -json | jq '.data[0].paused'
maprcli table upstream list -path $(cat /etc/replica)
sudo systemctl restart mapr-warden
