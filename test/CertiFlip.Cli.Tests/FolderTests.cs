namespace CertiFlip.Cli.Tests;

/// <summary>Folders of the command use each other in one direction; no command knows another.</summary>
public class FolderTests
{
    [Fact]
    public void Folders_use_each_other_in_one_direction_only() => FolderRules.Hold(
        "CertiFlip.Cli",
        "Output",
        "Report Output",
        "Options Output Report",
        "Commands/Attack Output Options",
        "Commands/Audit Output Report Options",
        "Commands/Certify Output Report Options",
        "Commands/Check Output Options",
        "Commands/Compare Output Report Options",
        "Commands/Describe Output Options",
        "Commands/Features Output Options",
        "Commands/Frontier Output Report Options",
        "Commands/Labels Output Options",
        "Commands/Look Output Options",
        "Commands/Models Output Options",
        "Commands/Plan Output Options",
        "Commands/Reproduce Output Report Options",
        ". Output Options Commands/Attack Commands/Audit Commands/Certify Commands/Check Commands/Compare Commands/Describe "
            + "Commands/Features Commands/Frontier Commands/Labels Commands/Look Commands/Models Commands/Plan Commands/Reproduce");
}
