// Scenarios: scripts of what happens to instances and what they are asked, and the transcript of what they answer.
#pragma once

#include <QString>

#include "instances.h"

namespace tributary::test {

/// Runs a script of lines, each one of
///
///   # text                        stays in the transcript
///   start i1 i2 ; mode=ro         starts them side by side and waits until each runs; settings behind the semicolon
///   launch i1 ; ...               starts without waiting
///   stop|kill|freeze|thaw i1
///   exits i1                      waits until it has ended by itself; the code stays in the transcript
///   wipe i1 *.snap *.xlog
///   i1> STATEMENT                 asks; the answer stays in the transcript. @i2 is the port of i2
///   wait i1 EXPRESSION            until it is true there, at most 30 s
///   log i1 TEXT                   waits for a line of its log with that text; the line stays in the transcript
///
/// The transcript is the script with the answers; what differs from run to run (idle, lag, ports, descriptors, pids) is
/// masked. Peers are always i1, i2, i3 as far as the script names them, itself among them, unless a setting
/// peers=i2+i1 says else.
/// @return the transcript; `problem` says where it could not go on.
QString runScenario(Instances& instances, const QString& script, QString& problem);

/// What is masked in an answer.
QString masked(Instances& instances, QString answer);

}  // namespace tributary::test
