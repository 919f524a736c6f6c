using CertiFlip.Cli;
using CertiFlip.Cli.Output;
using Spectre.Console;

Console.SetOut(StandardStream.Output.Text());
Console.SetError(StandardStream.Error.Text());
IAnsiConsole output = Terminal.Console(Console.Out, !Console.IsOutputRedirected);
IAnsiConsole status = Terminal.Console(Console.Error, !Console.IsErrorRedirected);
int exitCode = await new CertiFlipCommand(output, status).RunAsync(args);
if (StandardStream.Output is { HasLost: true, Failure: var reason })
    Console.Error.WriteLine($"certiflip: standard output cannot be written: {reason}");
bool isLost = StandardStream.Output.HasLost || StandardStream.Error.HasLost;
return exitCode == ExitCode.Done && isLost ? ExitCode.Failure : exitCode;
