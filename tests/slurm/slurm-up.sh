#!/usr/bin/env bash
# A private Slurm: one node, this machine, to try job scripts and for the tests.
#
#   tests/slurm/slurm-up.sh FOLDER      then: export SLURM_CONF=FOLDER/slurm.conf
#   tests/slurm/slurm-down.sh FOLDER
#
# Needs slurmctld, slurmd, slurm-client and munge, but neither root, systemd nor cgroups. All files are in FOLDER (a
# short path: names of sockets have at most 107 characters), all ports are free ones of 127.0.0.1, and all processes
# belong to the caller. HYPNOS_SLURM_CPUS is the number of cores that the node reports, whatever it has: 16 by default,
# the number that the unedited job script requests.
set -euo pipefail
mkdir -p "${1:?usage: slurm-up.sh FOLDER}"
folder=$(cd "$1" && pwd)
mkdir -p "$folder"/{state,spool,log,run}
chmod 711 "$folder"  # munge requires that all users can reach it; its key is private
PATH=$PATH:/usr/sbin

read -r controller_port node_port < <("${HYPNOS_PYTHON:-/usr/bin/python3}" - <<'PYTHON'
import socket
both = socket.socket(), socket.socket()
for one in both:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in both))
PYTHON
)
user=$(id -un) host=$(hostname -s)

# cred_expire: Slurm delays a requeued job until its old credential has expired, two minutes by default, five
# seconds at least. KillWait, sched_interval: seconds instead of half a minute. RequeueExit: as some sites have it.
cat >"$folder/slurm.conf" <<CONF
ClusterName=hypnos
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller_port
SlurmdPort=$node_port
SlurmUser=$user
SlurmdUser=$user
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny

AuthType=auth/munge
AuthInfo=socket=$folder/run/munge.socket,cred_expire=5
CredType=cred/munge

StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log

MpiDefault=pmix
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
PropagateResourceLimits=NONE

SchedulerParameters=bf_interval=1,batch_sched_delay=0,sched_interval=1,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
KillWait=5
RequeueExit=75
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=${HYPNOS_SLURM_CPUS:-16}
PartitionName=only Nodes=$host Default=YES
CONF

(umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")
export SLURM_CONF=$folder/slurm.conf
munged --key-file="$folder/munge.key" --socket="$folder/run/munge.socket" --pid-file="$folder/run/munged.pid" \
  --log-file="$folder/log/munged.log" --seed-file="$folder/state/munge.seed" --num-threads=2
slurmctld -c
slurmd -c -N "$host"

for _ in $(seq 300); do
  if [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]; then exit 0; fi
  sleep 0.1
done
echo "slurm-up: the node does not become idle" >&2
tail -n 20 "$folder"/log/*.log >&2
exit 1
