# What scripts/test_packages.sh runs in a bare system, where the packages lie in /srv.
set -euo pipefail
cd /srv

# expect TEXT COMMAND...: it succeeds and says TEXT.
expect() {
  local text=$1 output
  shift
  output=$("$@" 2>&1) || { printf '%s\nfails: %s\n' "$output" "$*"; exit 1; }
  [[ "$output" == *"$text"* ]] || { printf '%s\ndoes not hold "%s": %s\n' "$output" "$text" "$*"; exit 1; }
}

apt-get update -qq -o APT::Update::Error-Mode=any || exit 77
SECONDS=0
apt-get install -y -qq ./ppo_train_*.deb >/dev/null
expect "try next" ppo_train demo --out demo
[ -s demo/training.gif ] && [ -s demo/report.html ]
echo "The package: installed, and its demo seen, in $SECONDS s"
expect "ppo_train 0." ppo_train --version
expect "saved" ppo_train --config cartpole-v1 --render --report --out run
expect "return" ppo_train eval run --greedy --episodes 5
expect "saved" ppo_train export run
[ -s run/film.gif ] && [ -s run/report.html ] && [ -s run/agent.onnx ]
expect "cartpole" ppo_train --config /usr/share/ppo_train/configs/cartpole-v1.toml --print-config

apt-get install -y -qq --no-install-recommends man-db bash-completion zsh fish >/dev/null
expect "train agents with PPO" env MANWIDTH=78 man ppo_train
cat >bash_completion.sh <<'END'
source /usr/share/bash-completion/bash_completion
_completion_loader ppo_train 2>/dev/null || [ $? -eq 124 ]
COMP_WORDS=(ppo_train --config pend) COMP_CWORD=2
$(complete -p ppo_train | sed 's/.*-F \([^ ]*\).*/\1/')
echo "${COMPREPLY[@]}"
END
expect "pendulum-v1" bash bash_completion.sh
expect "pendulum-v1" fish -c 'complete -C "ppo_train --config pend"'
expect "_ppo_train" zsh -c 'autoload -U compinit; compinit -D -u; echo $_comps[ppo_train]'

mkdir elsewhere
tar -xzf ppo_train-*.tar.gz -C elsewhere
apt-get purge -y -qq ppo-train >/dev/null
[ ! -e /usr/bin/ppo_train ] && [ ! -e /usr/share/ppo_train ] && [ ! -e /usr/share/doc/ppo-train ]
expect "saved" elsewhere/ppo_train-*/bin/ppo_train --config cartpole-v1 --out elsewhere/run

apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
if python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  SECONDS=0
  python3 -m venv python
  python/bin/pip install -q gymnasium || exit 77
  python/bin/pip install -q ppo_train-*.whl
  python/bin/python -I wheel_check.py ppo_train-*.whl
  echo "The wheel: installed and used in $SECONDS s"
else
  echo "The wheel: not tried, as Python is older than 3.11"
fi
