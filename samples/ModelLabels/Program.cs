// Tickets that a language model has sorted, of which people checked every tenth: tables for the command, and how often
// the model was wrong.
//
//   dotnet run -c Release --project samples/ModelLabels -- tickets    # writes the folder tickets
using CertiFlip.Samples.ModelLabels;

string folder = args is [string given] ? given : "tickets";
Ticket[] old = Tickets.Write(600, seed: 6), arriving = Tickets.Write(300, seed: 7);
string[] said = Tickets.LabelledByModel(old, seed: 8);

// People checked every tenth ticket, whatever the model had said of it: their labels replace the model's.
int[] checkedRows = [.. Enumerable.Range(0, old.Length / 10).Select(i => 10 * i + i % 10)];
string[] labels = [.. said];
foreach (int row in checkedRows)
    labels[row] = old[row].Team;

Console.WriteLine($"{old.Length} tickets labelled by a language model, {checkedRows.Length} checked by people");
string[] teams = [.. old.Select(ticket => ticket.Team).Distinct()];
foreach (string team in teams)
{
    int[] called = [.. checkedRows.Where(row => said[row] == team)];
    string found = string.Join(", ", teams.Select(really => (Really: really, Count: called.Count(row => old[row].Team == really)))
        .Where(entry => entry.Really != team && entry.Count > 0).Select(entry => $"{entry.Count} {entry.Really}"));
    int wrong = called.Count(row => old[row].Team != team);
    Console.WriteLine(
        $"  called {team,-8} {called.Length,2} checked, {wrong,2} wrong ({100.0 * wrong / called.Length:F0} "
        + $"%){(found == "" ? "" : $": really {found}")}");
}

Directory.CreateDirectory(folder);
string PathOf(string name) => Path.Combine(folder, name);
File.WriteAllLines(PathOf("train.csv"), ["text,label", .. old.Zip(labels, (ticket, label) => $"{ticket.Text},{label}")]);
File.WriteAllLines(PathOf("new.csv"), ["text,label", .. arriving.Select(ticket => $"{ticket.Text},{ticket.Team}")]);
File.WriteAllLines(PathOf("checked.csv"), ["row", .. checkedRows.Select(row => $"{row}")]);
