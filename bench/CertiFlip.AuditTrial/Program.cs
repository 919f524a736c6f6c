using System.CommandLine;
using CertiFlip.AuditTrial;
using CertiFlip.Paper;

var names = new Argument<string[]>("data")
{
    Description = $"Data sets: {string.Join(", ", TrialData.Names)}; of mnist, every tenth training row.",
    Arity = ArgumentArity.OneOrMore,
};
names.AcceptOnlyFromAmong([.. TrialData.Names]);
var folder = new Option<string>("--data")
{
    Description = "The folder with the raw data, as of certiflip reproduce.",
    DefaultValueFactory = _ => "data",
};
var seed = new Option<ulong>("--seed") { Description = "What the flips follow from.", DefaultValueFactory = _ => 1UL };
var root = new RootCommand("How many of the flipped labels does each order of checking find?") { names, folder, seed };
root.SetAction(parsed =>
{
    Console.WriteLine("data,flips,order,flipped,found_n,found_2n,found_5n,contradicted");
    foreach (string name in parsed.GetRequiredValue(names))
    {
        TrialData data = TrialData.Read(name, new DataFolder(parsed.GetRequiredValue(folder)));
        foreach (CertiFlip.AuditTrial.TrialResult result in Trial.Run(data, parsed.GetValue(seed)))
            Console.WriteLine(
                $"{result.Data},{result.How},{result.Order},{result.Flipped},{string.Join(',', result.Found)},{result.Contradicted}");
    }
});
return root.Parse(args).Invoke();
