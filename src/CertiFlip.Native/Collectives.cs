using System.Runtime.InteropServices;
using CertiFlip.Data;

namespace CertiFlip.Native;

/// <summary>Functions of certificates of all rows together.</summary>
internal static unsafe class Collectives
{
    [UnmanagedCallersOnly(EntryPoint = "certiflip_certify_together")]
    private static int Certify(nint model, LentMatrix* tests, Arguments* options, RunOptions* run, nint* collective, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            Input.NotNull(collective, "collective");
            *collective = 0;
            TrainedModel trained = Models.Of(model);
            FeatureMatrix matrix = Input.Matrix(tests, "tests");
            Arguments given = Input.Read(options, "certiflip_collective_options");
            int[] budgets = Input.Span(given.Budgets, given.BudgetCount, "budgets").ToArray();
            if (budgets.Length == 0)
                throw new CallException(Status.BadArgument, "There are no budgets; expected one or more.");
            int[] truth = Input.Span(given.Truth, given.TruthCount, "truth").ToArray();
            var asked = new CollectiveOptions
            {
                Budgets = budgets,
                Truth = given.Truth is null ? null : truth,
                Groups = Input.Span(given.Groups, given.GroupCount, "groups").ToArray(),
            };
            *collective = Handles.Of(Call.Run(run, 0, call =>
                Models.CertifierOf(trained, call).CertifyTogether(matrix, asked, call, call.Stop)));
        });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_collective_get")]
    private static int Get(nint collective, Info* info, ErrorText* error) => Call.Guard(error, () =>
    {
        CollectiveCertificates held = Of(collective);
        Input.Fill(info, "certiflip_collective_info", new Info
        {
            Rows = held.Rows,
            Counted = held.Counted,
            Budgets = held.Certificates.Count,
            Groups = held.Groups.Count,
            Gaps = held.Gaps.Count,
        });
    });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_collective_budgets")]
    private static int Budgets(nint collective, BudgetEntry* budgets, long capacity, ErrorText* error) =>
        Call.Guard(error, () => Give(Of(collective).Certificates, budgets, capacity, "budgets", one => new BudgetEntry
        {
            Budget = one.Budget,
            AssumesClasses = one.AssumesClasses ? 1 : 0,
            Alone = one.Alone,
            AtMost = one.AtMost,
            Found = one.Found,
            Flips = one.Attack.Count,
        }));

    [UnmanagedCallersOnly(EntryPoint = "certiflip_collective_groups")]
    private static int Groups(nint collective, GroupEntry* groups, long capacity, ErrorText* error) =>
        Call.Guard(error, () => Give(Of(collective).Groups, groups, capacity, "groups", one => new GroupEntry
        {
            Group = one.Group,
            Budget = one.Budget,
            Rows = one.Rows,
            Correct = one.Correct,
            LostAtMost = one.LostAtMost,
            LostFound = one.LostFound,
            GainedAtMost = one.GainedAtMost,
            GainedFound = one.GainedFound,
        }));

    [UnmanagedCallersOnly(EntryPoint = "certiflip_collective_gaps")]
    private static int Gaps(nint collective, GapEntry* gaps, long capacity, ErrorText* error) =>
        Call.Guard(error, () => Give(Of(collective).Gaps, gaps, capacity, "gaps", one => new GapEntry
        {
            Group = one.Group,
            Other = one.Other,
            Budget = one.Budget,
            Difference = one.Difference,
            AtLeast = one.AtLeast,
            AtMost = one.AtMost,
            FoundLeast = one.FoundLeast,
            FoundMost = one.FoundMost,
        }));

    [UnmanagedCallersOnly(EntryPoint = "certiflip_collective_attack")]
    private static int Attack(nint collective, long index, NativeFlip* flips, long capacity, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            IReadOnlyList<CollectiveCertificate> held = Of(collective).Certificates;
            if (index < 0 || index >= held.Count)
                throw new CallException(Status.BadArgument, $"There is no budget {index}: {held.Count} were asked for.");
            Witnesses.Give(held[(int)index].Attack, flips, capacity);
        });

    private static CollectiveCertificates Of(nint handle) => Handles.Get<CollectiveCertificates>(handle, "collective certificate");

    private static void Give<TFrom, TTo>(IReadOnlyList<TFrom> from, TTo* buffer, long capacity, string name, Func<TFrom, TTo> entry)
        where TTo : unmanaged
    {
        Span<TTo> wanted = Input.Span(buffer, capacity, name);
        for (int i = 0; i < Math.Min(wanted.Length, from.Count); i++)
            wanted[i] = entry(from[i]);
    }

    /// <summary><c>certiflip_collective_options</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Arguments
    {
        public nuint Size;
        public int* Budgets;
        public long BudgetCount;
        public int* Truth;
        public long TruthCount;
        public int* Groups;
        public long GroupCount;
    }

    /// <summary><c>certiflip_collective_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public nuint Size;
        public long Rows;
        public long Counted;
        public long Budgets;
        public long Groups;
        public long Gaps;
    }

    /// <summary><c>certiflip_budget</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct BudgetEntry
    {
        public int Budget;
        public int AssumesClasses;
        public long Alone;
        public long AtMost;
        public long Found;
        public long Flips;
    }

    /// <summary><c>certiflip_group</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct GroupEntry
    {
        public int Group;
        public int Budget;
        public long Rows;
        public long Correct;
        public long LostAtMost;
        public long LostFound;
        public long GainedAtMost;
        public long GainedFound;
    }

    /// <summary><c>certiflip_gap</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct GapEntry
    {
        public int Group;
        public int Other;
        public int Budget;
        public int Reserved;
        public double Difference;
        public double AtLeast;
        public double AtMost;
        public double FoundLeast;
        public double FoundMost;
    }
}
