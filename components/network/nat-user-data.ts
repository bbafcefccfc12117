/**
 * Makes an instance of Amazon Linux 2023 pass on what the VPC sends, under its own address, over reboots too. AWS: VPC user
 * guide, "Work with NAT instances".
 */
export function userData(cidrBlock: string): string {
  return `#!/bin/bash
set -euo pipefail

# dnf wants more memory than a nano has.
dd if=/dev/zero of=/swap bs=1M count=1024
chmod 600 /swap
mkswap /swap
swapon /swap

# The address may come a moment after the instance.
until dnf install -y iptables-services; do sleep 5; done

echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/90-nat.conf
sysctl -p /etc/sysctl.d/90-nat.conf

systemctl enable --now iptables
interface=$(ip -o -4 route show default | awk '{ print $5; exit }')
iptables -t nat -A POSTROUTING -s ${cidrBlock} -o "$interface" -j MASQUERADE
# As installed it forwards nothing and lets SSH in.
iptables -F FORWARD
iptables -D INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT || true
service iptables save
`;
}
